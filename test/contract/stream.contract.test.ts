import { clockTests } from "./clock-tests.ts";
import { examineEachProvider } from "./each-provider.ts";
import { streamTests } from "./stream-tests.ts";

await examineEachProvider(streamTests, clockTests);
