/** Makes the machine fit settings: what is found, the plan, its steps, and the certificate, which goes its own way. */
import { applySteps, type StepFailure } from '../firstboot/apply.ts'
import { gatherFacts } from '../firstboot/facts.ts'
import type { Files } from '../firstboot/files.ts'
import { planSteps } from '../firstboot/plan/plan.ts'
import { isSshUsable } from '../firstboot/plan/ssh.ts'
import type { Facts } from '../firstboot/plan/step.ts'
import type { Credentials, Settings } from '../firstboot/settings.ts'
import type { Run } from '../run.ts'
import type { CertificateKeeper } from './certificate.ts'

export interface ApplierParts {
  readonly run: Run
  readonly files: Files
  readonly certificate: Pick<CertificateKeeper, 'keep'>
}

export interface Applier {
  /** Answers with what failed; the rest is done all the same. */
  apply(settings: Settings, credentials: Credentials): Promise<readonly StepFailure[]>
  /** Whether anybody could log in over SSH, as far as the last settings go. */
  isSshUsable(): boolean
  facts(): Facts | undefined
}

export function createApplier({ run, files, certificate }: ApplierParts): Applier {
  let facts: Facts | undefined
  let isUsable = false
  return {
    async apply(settings, credentials) {
      facts = await gatherFacts({ root: '/' })
      const { failures } = await applySteps(planSteps(settings, facts, credentials), { files, run })
      if (settings.certificate) await certificate.keep(settings.certificate)
      facts = await gatherFacts({ root: '/' })
      isUsable = isSshUsable(settings, facts, {})
      return failures
    },
    isSshUsable: () => isUsable,
    facts: () => facts,
  }
}
