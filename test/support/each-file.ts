import { closeWhatIsOpen } from './closing.ts';

closeWhatIsOpen();
