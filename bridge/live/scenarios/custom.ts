import type { Scenario } from '../scenario';

const crdYaml = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: boats.harbour.example.com
spec:
  group: harbour.example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, shortNames: [bo], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [name]
            x-kubernetes-validations:
            - rule: self.masts <= 7
              message: too many masts
            properties:
              name: {type: string, maxLength: 12, description: What is painted on it.}
              masts: {type: integer, default: 2, minimum: 1}
              kind: {type: string, enum: [sail, steam]}
              crew:
                type: array
                items:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string}
                    age: {type: integer}
          status:
            type: object
            properties:
              afloat: {type: boolean}
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.masts, statusReplicasPath: .status.masts}
    additionalPrinterColumns:
    - {name: Masts, type: integer, jsonPath: .spec.masts}
    - {name: Kind, type: string, jsonPath: .spec.kind, priority: 1}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
`;
const boat = (spec: string): string =>
  `apiVersion: harbour.example.com/v1\nkind: Boat\nmetadata:\n  name: anna\nspec: ${spec}\n`;
const policyYaml = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: few
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
  validations:
  - expression: object.spec.replicas <= 3
    messageExpression: "'at most 3, not ' + string(object.spec.replicas)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: few
spec:
  policyName: few
  validationActions: [Deny]
`;

/** Kinds and rules that users add. */
export const custom: Scenario = {
  name: 'custom',
  topology: 'seed',
  files: {
    'crd.yaml': crdYaml,
    'boat.yaml': boat('{name: Anna, kind: sail}'),
    'nameless.yaml': boat('{masts: 3}'),
    'wrong.yaml': boat('{name: a very long name indeed, masts: nine, kind: rowing}'),
    'tall.yaml': boat('{name: Anna, masts: 9}'),
    'unknown.yaml': boat('{name: Anna, sails: 9}'),
    'policy.yaml': policyYaml,
  },
  lines: [
    'kubectl get boats',
    'kubectl apply -f boat.yaml',
    'kubectl apply -f crd.yaml',
    'kubectl wait --for=condition=Established crd/boats.harbour.example.com --timeout=10s',
    'kubectl get crd',
    'kubectl get boats',
    'kubectl api-resources --api-group=harbour.example.com',
    'kubectl apply -f boat.yaml',
    'kubectl apply -f boat.yaml',
    'kubectl apply -f nameless.yaml',
    'kubectl apply -f wrong.yaml',
    'kubectl apply -f tall.yaml',
    'kubectl apply -f unknown.yaml',
    'kubectl apply -f unknown.yaml --validate=false',
    'kubectl get bo',
    'kubectl get bo -o wide',
    'kubectl get all',
    'kubectl get boat anna -o yaml',
    'kubectl get boat anna -o jsonpath={.spec.masts}',
    'kubectl describe boat anna',
    'kubectl explain boat.spec',
    'kubectl explain boat.spec.crew --recursive',
    'kubectl scale boat anna --replicas=3',
    `kubectl patch boat anna --type=merge -p '{"spec":{"kind":"steam"}}'`,
    `kubectl patch boat anna --type=merge --subresource=status -p '{"status":{"afloat":true}}'`,
    `kubectl patch boat anna -p '{"spec":{"masts":2}}'`,
    'kubectl get boat anna -o json',
    'kubectl label boat anna colour=red',
    'kubectl get boats -l colour=red --no-headers',
    'kubectl delete boat anna',
    'kubectl apply -f policy.yaml',
    'settle',
    'kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding',
    'kubectl describe validatingadmissionpolicy few',
    'kubectl create deployment many --image=nginx --replicas=5',
    'kubectl create deployment three --image=nginx --replicas=3 --dry-run=server',
    'kubectl delete -f policy.yaml',
    'kubectl delete crd boats.harbour.example.com',
    'kubectl get boats',
  ],
};
