/** Renders docs/reference/ovf-properties.md from the properties. */
import { type ApplianceProperty, categories, guestKey, type PropertyClass } from './properties.ts'

const introduction = `# OVF properties

What whoever deploys the appliance can tell it, as \`class.key\`. Each can be left as it is. Written by \`npm run docs\`
from [\`ova/properties.ts\`](../../ova/properties.ts).

Every value is checked before any is applied. One that cannot be used is named on the console and in the journal, without
its content where that is secret, and the boot goes on with what the last column says. Empty, blank, \`null\` and \`""\`
are no value. How to give them, and on discs too: [the first boot](../guides/first-boot.md#tell-it-before-it-starts).

An appliance file offers all of them, and its agent reads them at each start. At a later one, those of a
source whose values have changed are taken again; passwords are taken once.
`

function renderType({ type, minLength, maxLength, password, fixed }: ApplianceProperty): string {
  const limits = [
    minLength === undefined ? [] : `at least ${minLength} characters`,
    maxLength === undefined ? [] : `at most ${maxLength} characters`,
    password ? 'hidden' : [],
    fixed ? 'fixed' : [],
  ].flat()
  return [type, ...limits].join(', ')
}

function renderRow(property: ApplianceProperty): string {
  const initial = property.default === undefined ? '' : `\`${property.default}\``
  const { label, description, instead } = property
  const cells = [`\`${guestKey(property)}\``, label, renderType(property), initial, description, instead]
  return `| ${cells.join(' | ')} |`
}

function renderGroup(group: PropertyClass, members: readonly ApplianceProperty[]): string {
  const head =
    '| Key | Label | Type | Default | Meaning | Of one that cannot be used |\n| --- | --- | --- | --- | --- | --- |'
  return `\n## ${categories[group]}\n\n${head}\n${members.map(renderRow).join('\n')}\n`
}

export function renderPropertyReference(properties: readonly ApplianceProperty[]): string {
  const groups = Map.groupBy(properties, property => property.class)
  return introduction + [...groups].map(([group, members]) => renderGroup(group, members)).join('')
}
