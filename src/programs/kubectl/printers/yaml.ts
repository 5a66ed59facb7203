// The server writes YAML as kubectl does.
export { toYaml } from '../../../kubernetes/apimachinery/yaml-print';
