/** Owns the check of how many arguments a command takes, in the words that scripts know. */
import type { Arity } from '../command.ts'
import { UsageError } from '../failure.ts'

/** Throws UsageError. */
export function checkArity({ min, max }: Arity, received: number): void {
  if (received >= (min ?? 0) && received <= (max ?? Number.POSITIVE_INFINITY)) return
  if (max === undefined) throw new UsageError(`requires at least ${min} arg(s), only received ${received}`)
  if (min === max) throw new UsageError(`accepts ${max} arg(s), received ${received}`)
  if (min === undefined) throw new UsageError(`accepts at most ${max} arg(s), received ${received}`)
  throw new UsageError(`accepts between ${min} and ${max} arg(s), received ${received}`)
}
