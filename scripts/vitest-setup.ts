import { loadYaml } from '../src/kubernetes/apimachinery/yaml';

// A lab loads it before its clock starts; tests of single rooms have no lab.
await loadYaml();
