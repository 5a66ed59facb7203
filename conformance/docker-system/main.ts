/** `npm run conformance:docker-system` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
