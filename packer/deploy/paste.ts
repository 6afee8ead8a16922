/** Renders a deployment as text for a shell, which makes the work folder itself and removes it however that ends. Pure. */
import { renderCommand } from '../shell.ts'
import type { DeployStep } from './target.ts'

/** The work folder in a plan that is printed: its name is known only when the text runs, and nobody can be there first. */
export const workFolder = '/the-work-folder'

const isInside = (word: string): boolean => word === workFolder || word.startsWith(`${workFolder}/`)

function renderWord(word: string): string {
  if (!isInside(word)) return renderCommand([word])
  const rest = word.slice(workFolder.length)
  return rest === '' ? '"$work"' : `"$work"${renderCommand([rest])}`
}

/** A command ends it where it fails; input stands behind its command. */
function renderStep({ command, input }: DeployStep, isLast: boolean): string {
  const next = isLast ? '' : ' &&'
  const line = command.map(renderWord).join(' ')
  return `${line}${input === undefined ? next : ` <<'END'${next}\n${input}END`}`
}

/** In a shell of its own where there is a work folder, so that the trap is at its end and not at that of who pasted it. */
export function renderPaste(steps: readonly DeployStep[]): string {
  const lines = steps.map((step, index) => renderStep(step, index === steps.length - 1))
  if (!steps.some(({ command }) => command.some(isInside))) return lines.join('\n')
  return ['(', `work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT &&`, ...lines, ')'].join('\n')
}
