/** Steps of the settings that failed: how they read, and which of them another run does not mend. Pure. */
import type { StepFailure } from '../firstboot/apply.ts'
import type { Credentials, Login } from '../firstboot/settings.ts'

export const describeFailure = ({ step, problem }: StepFailure): string => `${step}: ${problem}`

function isSet(login: Login, { rootPassword, adminPassword, withdrawn = [] }: Credentials): boolean {
  const passwords = { root: rootPassword, admin: adminPassword }
  return passwords[login] !== undefined || withdrawn.includes(login)
}

/** A password is given once: one that could not be set is mended by another one alone. */
export const findLasting = (failures: readonly StepFailure[], credentials: Credentials): readonly StepFailure[] =>
  failures.filter(({ password }) => password !== undefined && !isSet(password, credentials))
