/** A kubeconfig of the address of `apiServer`, with an administrator of no credentials. */
export const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {server: "https://172.30.1.2:6443"}
contexts:
- name: x
  context: {cluster: c, user: u}
users:
- name: u
  user: {}
current-context: x
`;
