/** Makes the machine fit settings: what is found, the plan, its steps, and the certificate, which goes its own way. */
import { messageOf } from '../../server/core/errors.ts'
import { applySteps, type StepFailure } from '../firstboot/apply.ts'
import { gatherFacts, gatherPasswords } from '../firstboot/facts.ts'
import type { Files } from '../firstboot/files.ts'
import { planSteps } from '../firstboot/plan/plan.ts'
import { isSshUsable, sshUnitOf } from '../firstboot/plan/ssh.ts'
import type { Facts } from '../firstboot/plan/step.ts'
import type { Credentials, Settings } from '../firstboot/settings.ts'
import type { Run } from '../run.ts'
import type { CertificateKeeper, Pair } from './certificate.ts'

export interface ApplierParts {
  readonly run: Run
  readonly files: Files
  readonly certificate: Pick<CertificateKeeper, 'keep'>
  /** Below which the machine is looked at: `/` but for tests. */
  readonly root: string
}

export interface Applier {
  /** Answers with what failed; the rest is done all the same. */
  apply(settings: Settings, credentials: Credentials): Promise<readonly StepFailure[]>
  /** Whether anybody could log in over SSH, as far as the last settings go. */
  isSshUsable(): boolean
  facts(): Facts | undefined
  /** `ssh.service`, or what the base calls it, as the plan knows. */
  sshUnit(): string
  /** Whether somebody, by `passwd` say, has got or lost a password since this was last looked at: the settings then mean something else. */
  seePasswords(): Promise<boolean>
}

export function createApplier({ run, files, certificate, root }: ApplierParts): Applier {
  let facts: Facts | undefined
  let isUsable = false
  const tryKeep = (pair: Pair): Promise<StepFailure[]> =>
    certificate.keep(pair).then(
      () => [],
      thrown => [{ step: 'the certificate that was given', problem: messageOf(thrown) }],
    )
  return {
    async apply(settings, credentials) {
      facts = await gatherFacts({ root })
      const { failures } = await applySteps(planSteps(settings, facts, credentials), { files, run })
      const unkept = settings.certificate ? await tryKeep(settings.certificate) : []
      facts = await gatherFacts({ root })
      isUsable = isSshUsable(settings, facts, {})
      return [...failures, ...unkept]
    },
    isSshUsable: () => isUsable,
    facts: () => facts,
    sshUnit: () => sshUnitOf(facts?.base ?? 'debian'),
    async seePasswords() {
      const passwords = await gatherPasswords({ root })
      if (facts === undefined || passwords.join() === facts.passwords.join()) return false
      facts = { ...facts, passwords }
      return true
    },
  }
}
