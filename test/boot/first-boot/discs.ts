/** Discs that tell an appliance something, as people make them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '../../../provisioning/firstboot/settings.ts'
import type { Bench } from '../bench.ts'

export type Values = Readonly<Record<string, string>>

/** XML's own characters as entities. */
const escapeXml = (text: string): string => text.replace(/[&<>"\n]/g, each => `&#${each.codePointAt(0)};`)

/** The OVF environment, as hypervisors write it. */
export function renderEnvironment(values: Values): string {
  const rows = Object.entries(values).map(
    ([key, value]) => `<Property oe:key="${key}" oe:value="${escapeXml(value)}"/>`,
  )
  const namespace = 'http://schemas.dmtf.org/ovf/environment/1'
  return `<?xml version="1.0" encoding="UTF-8"?>
<Environment xmlns="${namespace}" xmlns:oe="${namespace}"><PropertySection>${rows.join('')}</PropertySection></Environment>
`
}

export interface Disc {
  /** Of the image. */
  readonly name: string
  readonly label: string
  /** Text by name. */
  readonly files: Readonly<Record<string, string>>
}

/** Answers with the image. */
export async function makeDisc({ shell, dir }: Bench, { name, label, files }: Disc): Promise<string> {
  const [folder, image] = [join(dir, `${name}-disc`), join(dir, `${name}.iso`)]
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  await shell.run(['genisoimage', '-quiet', '-J', '-r', '-V', label, '-o', image, folder])
  return image
}

/** What is said of every disc that brings a password or a key: nobody can erase those there. */
export const tellsOfSecrets = ({ key, problem }: Fault): boolean =>
  key === 'ovf-env.xml' && problem.includes('holds secrets')

export const makeValuesDisc = (bench: Bench, name: string, values: Values): Promise<string> =>
  makeDisc(bench, { name, label: 'OVF ENV', files: { 'ovf-env.xml': renderEnvironment(values) } })
