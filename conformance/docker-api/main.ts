/** `npm run conformance:docker-api` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
