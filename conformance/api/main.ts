/** `npm run conformance:api` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
