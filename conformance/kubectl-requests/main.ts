/** `npm run conformance:kubectl-requests` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
