/** `npm run conformance:check` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
