/** Holds a tree against the rules. Pure. */
import { exceptions } from './exceptions.ts'
import { type Rule, rules } from './rules.ts'
import { type Listing, splitLayers } from './tree.ts'

export type Finding = { readonly rule: Rule; readonly path: string; readonly detail?: string }

/** Every path of an unpacked tree that breaks a rule and is not excepted from it, in the order of the rules. */
export function findFaults(listing: Listing): Finding[] {
  const trees = splitLayers(listing)
  const isExcepted = (rule: Rule, path: string) =>
    exceptions.some(exception => exception.rule === rule.name && exception.path === path)
  return rules.flatMap(rule =>
    trees
      .filter(({ place }) => place === '' || !rule.isOfSystemAlone)
      .flatMap(tree =>
        rule
          .find(tree)
          .filter(({ path }) => !isExcepted(rule, path))
          .map(breach => ({ ...breach, rule, path: `${tree.place}${breach.path}` })),
      ),
  )
}

/** A line for each finding, below one for each rule that says what to do. */
export function renderFindings(findings: readonly Finding[]): string {
  const groups = Map.groupBy(findings, ({ rule }) => rule)
  const blocks = [...groups].map(([{ name, mend }, found]) => {
    const paths = found.map(({ path, detail }) => `    ${path}${detail === undefined ? '' : ` (${detail})`}`)
    return [`  ${name}: ${mend}`, ...paths].join('\n')
  })
  return [`The sealed tree breaks ${groups.size} of its rules (packer/hygiene):`, ...blocks].join('\n')
}
