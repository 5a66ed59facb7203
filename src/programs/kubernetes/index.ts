import type { Program } from '../../linux/process/types';
import type { ControlPlane } from './control-plane';
import { coredns } from './coredns';
import { crictl } from './crictl/crictl';
import { etcd } from './etcd';
import { etcdctl } from './etcdctl/etcdctl';
import { flanneld } from './flanneld';
import { kubeApiserver } from './kube-apiserver';
import { kubeControllerManager } from './kube-controller-manager';
import { kubeProxy } from './kube-proxy';
import { kubelet } from './kubelet';
import { metricsServer } from './metrics-server/metrics-server';
import { kubeScheduler } from './kube-scheduler';

/** The programs of one cluster, by the names in its images' executables. */
export const createKubernetesPrograms = (cluster: ControlPlane): Readonly<Record<string, Program>> => ({
  etcd: etcd(cluster),
  'kube-apiserver': kubeApiserver(cluster),
  'kube-controller-manager': kubeControllerManager(cluster),
  'kube-scheduler': kubeScheduler(cluster),
  'kube-proxy': kubeProxy(cluster),
  kubelet: kubelet(cluster),
  coredns: coredns(cluster),
  'metrics-server': metricsServer(cluster),
  etcdctl: etcdctl(cluster),
  etcdutl: etcdctl(cluster),
  crictl: crictl(cluster),
  flanneld: flanneld(cluster),
});
