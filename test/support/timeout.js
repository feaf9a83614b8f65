/** The longest a test of this tier may take, unless it says so itself. */
import.meta.jest.setTimeout(globalThis.TEST_TIMEOUT_MS);
