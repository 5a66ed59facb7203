/** `npm run conformance:oils` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
