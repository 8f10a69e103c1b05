import { afterAll } from 'vitest';

const open: (() => unknown)[] = [];

/**
 * Has `close` run after the last test of the file, what was opened last first. vitest takes an `afterAll` only while it
 * collects the tests: called in a hook or in a test it is never run, and a service would go on beside all later files.
 */
export function closeAfterFile(close: () => unknown): void {
  open.push(close);
}

/** For the set-up that every file of the integration tests shares. */
export function closeWhatIsOpen(): void {
  afterAll(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
}
