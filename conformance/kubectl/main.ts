/** `npm run conformance:kubectl` */
import { main } from '../runner';
import { suite } from './suite';

main(suite);
