/** `npm run conformance:docker` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
