/** A plan for people, as `--plan` prints it: what and why, and nothing that is secret. */
import type { Step } from './step.ts'

export const renderPlan = (steps: readonly Step[]): string =>
  steps.map(step => `${renderAction(step)}\n    ${step.why}\n`).join('')

function renderAction(step: Step): string {
  if (step.kind === 'absent') return `absent  ${step.path}`
  if (step.kind === 'command') return `run     ${step.argv.join(' ')}${renderWhen(step.when)}`
  const { path, mode, owner, group } = step
  return `file    ${path} (${mode.toString(8).padStart(4, '0')} ${owner}:${group})`
}

/** In a sentence of what failed, with what it was for. */
export const nameStep = (step: Step): string =>
  `${step.kind === 'command' ? step.argv.join(' ') : step.path} (${step.why})`

const renderWhen = (when: 'always' | readonly string[]): string =>
  when === 'always' ? '' : `, when one of these changed: ${when.join(' ')}`
