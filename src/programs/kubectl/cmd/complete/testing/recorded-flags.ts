/** Flags of each command, but for those that all have: what `kubectl __complete COMMAND --` of kubectl 1.33.1 lists. */
export const recordedFlags: readonly (readonly [command: string, flags: string])[] = [
  ['', ''],
  [
    'annotate',
    '--all --all-namespaces --allow-missing-template-keys --dry-run --field-manager --field-selector --filename --kustomize --list --local --output --overwrite --recursive --resource-version --selector --show-managed-fields --template',
  ],
  ['api-resources', '--api-group --cached --categories --namespaced --no-headers --output --sort-by --verbs'],
  ['api-versions', ''],
  [
    'apply edit-last-applied',
    '--allow-missing-template-keys --field-manager --filename --kustomize --output --recursive --show-managed-fields --template --validate --windows-line-endings',
  ],
  [
    'apply set-last-applied',
    '--allow-missing-template-keys --create-annotation --dry-run --filename --output --show-managed-fields --template',
  ],
  ['apply view-last-applied', '--all --filename --kustomize --output --recursive --selector'],
  ['attach', '--container --pod-running-timeout --quiet --stdin --tty'],
  ['auth', ''],
  ['auth can-i', '--all-namespaces --list --no-headers --quiet --subresource'],
  [
    'auth reconcile',
    '--allow-missing-template-keys --dry-run --filename --kustomize --output --recursive --remove-extra-permissions --remove-extra-subjects --show-managed-fields --template',
  ],
  ['auth whoami', '--allow-missing-template-keys --output --show-managed-fields --template'],
  ['autoscale', '--max'],
  ['certificate', ''],
  [
    'certificate approve',
    '--allow-missing-template-keys --filename --force --kustomize --output --recursive --show-managed-fields --template',
  ],
  [
    'certificate deny',
    '--allow-missing-template-keys --filename --force --kustomize --output --recursive --show-managed-fields --template',
  ],
  ['cluster-info', ''],
  [
    'cluster-info dump',
    '--all-namespaces --allow-missing-template-keys --namespaces --output --output-directory --pod-running-timeout --show-managed-fields --template',
  ],
  ['completion', ''],
  ['config', ''],
  ['config current-context', ''],
  ['config delete-cluster', ''],
  ['config delete-context', ''],
  ['config delete-user', ''],
  ['config get-clusters', ''],
  ['config get-contexts', '--no-headers --output'],
  ['config get-users', ''],
  ['config rename-context', ''],
  ['config set', '--set-raw-bytes'],
  ['config set-cluster', '--embed-certs --proxy-url'],
  ['config set-context', '--current'],
  [
    'config set-credentials',
    '--auth-provider --auth-provider-arg --embed-certs --exec-api-version --exec-arg --exec-command --exec-env --exec-interactive-mode --exec-provide-cluster-info',
  ],
  ['config unset', ''],
  ['config use-context', ''],
  [
    'config view',
    '--allow-missing-template-keys --flatten --merge --minify --output --raw --show-managed-fields --template',
  ],
  ['cordon', '--dry-run --selector'],
  ['cp', '--container --no-preserve --retries'],
  [
    'create',
    '--allow-missing-template-keys --dry-run --edit --field-manager --filename --kustomize --output --raw --recursive --save-config --selector --show-managed-fields --template --validate --windows-line-endings',
  ],
  [
    'create clusterrole',
    '--aggregation-rule --allow-missing-template-keys --dry-run --field-manager --non-resource-url --output --resource --resource-name --save-config --show-managed-fields --template --validate --verb',
  ],
  ['create clusterrolebinding', '--clusterrole'],
  [
    'create configmap',
    '--allow-missing-template-keys --append-hash --dry-run --field-manager --from-env-file --from-file --from-literal --output --save-config --show-managed-fields --template --validate',
  ],
  ['create cronjob', '--image --schedule'],
  ['create deployment', '--image'],
  [
    'create ingress',
    '--allow-missing-template-keys --annotation --class --default-backend --dry-run --field-manager --output --rule --save-config --show-managed-fields --template --validate',
  ],
  [
    'create job',
    '--allow-missing-template-keys --dry-run --field-manager --from --image --output --save-config --show-managed-fields --template --validate',
  ],
  [
    'create namespace',
    '--allow-missing-template-keys --dry-run --field-manager --output --save-config --show-managed-fields --template --validate',
  ],
  [
    'create poddisruptionbudget',
    '--allow-missing-template-keys --dry-run --field-manager --max-unavailable --min-available --output --save-config --selector --show-managed-fields --template --validate',
  ],
  [
    'create priorityclass',
    '--allow-missing-template-keys --description --dry-run --field-manager --global-default --output --preemption-policy --save-config --show-managed-fields --template --validate --value',
  ],
  [
    'create quota',
    '--allow-missing-template-keys --dry-run --field-manager --hard --output --save-config --scopes --show-managed-fields --template --validate',
  ],
  [
    'create role',
    '--allow-missing-template-keys --dry-run --field-manager --output --resource --resource-name --save-config --show-managed-fields --template --validate --verb',
  ],
  [
    'create rolebinding',
    '--allow-missing-template-keys --clusterrole --dry-run --field-manager --group --output --role --save-config --serviceaccount --show-managed-fields --template --validate',
  ],
  ['create secret', ''],
  [
    'create secret docker-registry',
    '--allow-missing-template-keys --append-hash --docker-email --docker-password --docker-server --docker-username --dry-run --field-manager --from-file --output --save-config --show-managed-fields --template --validate',
  ],
  [
    'create secret generic',
    '--allow-missing-template-keys --append-hash --dry-run --field-manager --from-env-file --from-file --from-literal --output --save-config --show-managed-fields --template --type --validate',
  ],
  [
    'create secret tls',
    '--allow-missing-template-keys --append-hash --cert --dry-run --field-manager --key --output --save-config --show-managed-fields --template --validate',
  ],
  ['create service', ''],
  [
    'create service clusterip',
    '--allow-missing-template-keys --clusterip --dry-run --field-manager --output --save-config --show-managed-fields --tcp --template --validate',
  ],
  ['create service externalname', '--external-name'],
  [
    'create service loadbalancer',
    '--allow-missing-template-keys --dry-run --field-manager --output --save-config --show-managed-fields --tcp --template --validate',
  ],
  [
    'create service nodeport',
    '--allow-missing-template-keys --dry-run --field-manager --node-port --output --save-config --show-managed-fields --tcp --template --validate',
  ],
  [
    'create serviceaccount',
    '--allow-missing-template-keys --dry-run --field-manager --output --save-config --show-managed-fields --template --validate',
  ],
  [
    'create token',
    '--allow-missing-template-keys --audience --bound-object-kind --bound-object-name --bound-object-uid --duration --output --show-managed-fields --template',
  ],
  [
    'debug',
    '--arguments-only --attach --container --copy-to --custom --env --filename --image --image-pull-policy --keep-annotations --keep-init-containers --keep-labels --keep-liveness --keep-readiness --keep-startup --quiet --replace --same-node --set-image --share-processes --stdin --target --tty',
  ],
  [
    'delete',
    '--all --all-namespaces --cascade --dry-run --field-selector --filename --force --grace-period --ignore-not-found --interactive --kustomize --now --output --raw --recursive --selector --timeout --wait',
  ],
  ['describe', '--all-namespaces --chunk-size --filename --kustomize --recursive --selector --show-events'],
  [
    'diff',
    '--concurrency --field-manager --filename --force-conflicts --kustomize --prune --prune-allowlist --recursive --selector --server-side --show-managed-fields',
  ],
  [
    'drain',
    '--chunk-size --delete-emptydir-data --disable-eviction --dry-run --force --grace-period --ignore-daemonsets --pod-selector --selector --skip-wait-for-delete-timeout --timeout',
  ],
  [
    'edit',
    '--allow-missing-template-keys --field-manager --filename --kustomize --output --output-patch --recursive --save-config --show-managed-fields --subresource --template --validate --windows-line-endings',
  ],
  [
    'events',
    '--all-namespaces --allow-missing-template-keys --chunk-size --for --no-headers --output --show-managed-fields --template --types --watch',
  ],
  ['exec', '--container --filename --pod-running-timeout --quiet --stdin --tty'],
  ['explain', '--api-version --output --recursive'],
  [
    'expose',
    '--allow-missing-template-keys --cluster-ip --dry-run --external-ip --field-manager --filename --kustomize --labels --load-balancer-ip --name --output --override-type --overrides --port --protocol --recursive --save-config --selector --session-affinity --show-managed-fields --target-port --template --type',
  ],
  [
    'get',
    '--all-namespaces --allow-missing-template-keys --chunk-size --field-selector --filename --ignore-not-found --kustomize --label-columns --no-headers --output --output-watch-events --raw --recursive --selector --server-print --show-kind --show-labels --show-managed-fields --sort-by --subresource --template --watch --watch-only',
  ],
  [
    'kustomize',
    '--as-current-user --enable-alpha-plugins --enable-helm --env --helm-api-versions --helm-command --helm-debug --helm-kube-version --load-restrictor --mount --network --network-name --output',
  ],
  [
    'label',
    '--all --all-namespaces --allow-missing-template-keys --dry-run --field-manager --field-selector --filename --kustomize --list --local --output --overwrite --recursive --resource-version --selector --show-managed-fields --template',
  ],
  [
    'logs',
    '--all-containers --all-pods --container --follow --ignore-errors --insecure-skip-tls-verify-backend --limit-bytes --max-log-requests --pod-running-timeout --prefix --previous --selector --since --since-time --tail --timestamps',
  ],
  [
    'patch',
    '--allow-missing-template-keys --dry-run --field-manager --filename --kustomize --local --output --patch --patch-file --recursive --show-managed-fields --subresource --template --type',
  ],
  ['plugin', ''],
  ['plugin list', ''],
  ['port-forward', '--address --pod-running-timeout'],
  [
    'proxy',
    '--accept-hosts --accept-paths --address --api-prefix --append-server-path --disable-filter --keepalive --port --reject-methods --reject-paths --unix-socket --www --www-prefix',
  ],
  [
    'replace',
    '--allow-missing-template-keys --cascade --dry-run --field-manager --filename --force --grace-period --kustomize --output --raw --recursive --save-config --show-managed-fields --subresource --template --timeout --validate --wait',
  ],
  ['rollout', ''],
  [
    'rollout history',
    '--allow-missing-template-keys --filename --kustomize --output --recursive --revision --selector --show-managed-fields --template',
  ],
  [
    'rollout pause',
    '--allow-missing-template-keys --field-manager --filename --kustomize --output --recursive --selector --show-managed-fields --template',
  ],
  [
    'rollout restart',
    '--allow-missing-template-keys --field-manager --filename --kustomize --output --recursive --selector --show-managed-fields --template',
  ],
  [
    'rollout resume',
    '--allow-missing-template-keys --field-manager --filename --kustomize --output --recursive --selector --show-managed-fields --template',
  ],
  ['rollout status', '--filename --kustomize --recursive --revision --selector --timeout --watch'],
  [
    'rollout undo',
    '--allow-missing-template-keys --dry-run --filename --kustomize --output --recursive --selector --show-managed-fields --template --to-revision',
  ],
  ['run', '--image'],
  ['scale', '--replicas'],
  ['set', ''],
  [
    'set env',
    '--all --allow-missing-template-keys --containers --dry-run --env --field-manager --filename --from --keys --kustomize --list --local --output --overwrite --prefix --recursive --resolve --selector --show-managed-fields --template',
  ],
  [
    'set image',
    '--all --allow-missing-template-keys --dry-run --field-manager --filename --kustomize --local --output --recursive --selector --show-managed-fields --template',
  ],
  [
    'set resources',
    '--all --allow-missing-template-keys --containers --dry-run --field-manager --filename --kustomize --limits --local --output --recursive --requests --selector --show-managed-fields --template',
  ],
  [
    'set subject',
    '--all --allow-missing-template-keys --dry-run --field-manager --filename --group --kustomize --local --output --recursive --selector --serviceaccount --show-managed-fields --template',
  ],
  [
    'taint',
    '--all --allow-missing-template-keys --dry-run --field-manager --output --overwrite --selector --show-managed-fields --template --validate',
  ],
  ['top', ''],
  ['top node', '--no-headers --selector --show-capacity --sort-by --use-protocol-buffers'],
  [
    'top pod',
    '--all-namespaces --containers --field-selector --no-headers --selector --sort-by --sum --use-protocol-buffers',
  ],
  ['uncordon', '--dry-run --selector'],
  ['version', '--client --output'],
  [
    'wait',
    '--all --all-namespaces --allow-missing-template-keys --field-selector --filename --for --local --output --recursive --selector --show-managed-fields --template --timeout',
  ],
];
