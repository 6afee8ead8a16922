/** All that a runtime promises, in one call: whoever writes a language runs this. */
import { testFollowing } from './follow-cases.ts'
import { type RuntimeCases, type Test, testRuntime } from './runtime-cases.ts'
import { testStreaming } from './stream-cases.ts'

export function testConformance(test: Test, cases: RuntimeCases): void {
  testRuntime(test, cases)
  testFollowing(test, cases)
  if (cases.hasPieces ?? true) testStreaming(test, cases)
}
