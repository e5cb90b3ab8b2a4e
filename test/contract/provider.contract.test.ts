import { abortTests } from "./abort-tests.ts";
import { answerTests } from "./answer-tests.ts";
import { examineEachProvider } from "./each-provider.ts";
import { wireTests } from "./wire-tests.ts";

await examineEachProvider(answerTests, wireTests, abortTests);
