/** `npm run conformance:loops` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
