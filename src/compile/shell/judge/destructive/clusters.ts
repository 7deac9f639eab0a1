import type { ReasonedShape } from '../shapes.js';

const KUBE = ['kubectl', 'oc'];
const DOCKER = ['docker', 'podman', 'nerdctl'];

/** Containers and clusters. */
export const CLUSTERS: readonly ReasonedShape[] = [
  { programs: KUBE, words: ['delete'], reason: 'removes objects of the cluster' },
  { programs: KUBE, words: ['drain'], reason: 'evicts everything from a node' },
  {
    programs: KUBE,
    words: ['replace'],
    flags: ['--force'],
    reason: 'removes objects of the cluster and makes them anew',
  },
  { programs: KUBE, words: ['apply'], flags: ['--prune'], reason: 'removes objects of the cluster' },
  { programs: KUBE, words: ['scale'], argument: /^--replicas=0$/, reason: 'stops all that run of it' },
  { programs: KUBE, words: ['scale'], flags: ['--replicas'], argument: /^0$/, reason: 'stops all that run of it' },
  { programs: ['helm'], words: ['uninstall|delete|del|un'], reason: 'removes a release' },
  { programs: ['helmfile'], words: ['destroy|delete'], reason: 'removes releases' },
  { programs: ['flux'], words: ['uninstall|delete'], reason: 'removes objects of the cluster' },
  { programs: ['argocd'], words: ['app|cluster|proj|repo', 'delete|rm'], reason: 'removes objects of the cluster' },
  { programs: ['argocd'], words: ['app', 'sync'], flags: ['--prune'], reason: 'removes objects of the cluster' },
  { programs: ['cilium', 'linkerd', 'kyma', 'dapr'], words: ['uninstall'], reason: 'removes objects of the cluster' },
  { programs: ['rke'], words: ['remove'], reason: 'removes a cluster' },
  { programs: ['kind', 'k3d', 'minikube', 'k0s'], words: ['delete'], reason: 'removes a cluster' },
  { programs: ['k3d', 'k0sctl', 'kubeadm', 'k0s'], words: ['reset'], reason: 'removes a cluster' },
  { programs: ['velero'], words: ['*', 'delete'], reason: 'removes backups' },
  { programs: ['nomad'], words: ['job|stop|system', 'stop|gc'], flags: ['-purge'], reason: 'removes a job' },
  {
    programs: DOCKER,
    words: ['system|image|container|volume|network|builder|buildx|pod', 'prune'],
    reason: 'removes what containers leave behind',
  },
  { programs: DOCKER, words: ['rm|rmi|kill'], reason: 'removes containers or images' },
  {
    programs: DOCKER,
    words: [
      'volume|container|image|network|secret|config|service|stack|node|context|pod|swarm',
      'rm|remove|leave|kill',
    ],
    reason: 'removes containers, images, volumes or services',
  },
  { programs: DOCKER, words: ['compose', 'rm|kill'], reason: 'removes containers' },
  {
    programs: DOCKER,
    words: ['compose', 'down'],
    flags: ['-v', '--volumes', '--rmi'],
    reason: 'removes containers with their data',
  },
  { programs: ['docker-compose', 'podman-compose'], words: ['rm|kill'], reason: 'removes containers' },
  {
    programs: ['docker-compose', 'podman-compose'],
    words: ['down'],
    flags: ['-v', '--volumes', '--rmi'],
    reason: 'removes containers with their data',
  },
  { programs: ['podman'], words: ['system', 'reset'], reason: 'removes all containers, images and volumes' },
  { programs: ['k3d'], words: ['cluster', 'delete'], reason: 'removes a cluster' },
  { programs: ['talosctl', 'microk8s'], argument: /^reset$/, reason: 'wipes a machine' },
  { programs: ['istioctl'], argument: /^uninstall$/, reason: 'removes objects of the cluster' },
];
