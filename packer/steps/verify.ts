/** Reopens the finished .ova and checks every claim that it makes; QEMU has its say on the disk too. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderFinding } from '../../ova/verify/check.ts'
import { verifyOva } from '../../ova/verify.ts'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'
import { ovaStep } from './ova.ts'

export const verify = { name: 'verify', report: 'checks.txt' }

export type VerifyOptions = {
  readonly repository: string
  readonly fileName: string
  /** QEMU's version: its check is one of the checks. */
  readonly qemu: string
}

export function createVerifyStep({ repository, fileName, qemu }: VerifyOptions): Step {
  return {
    name: verify.name,
    inputs: async done => ({
      ova: done.hash(ovaStep.name, fileName),
      rules: await hashTree(repository, ['ova', 'packer/steps/verify.ts']),
      qemu,
    }),
    outputs: [verify.report],
    async run({ dir, shell, done }) {
      const path = done.file(ovaStep.name, fileName)
      const checks = await verifyOva(path)
      const findings = checks.flatMap(check => check.findings.map(renderFinding))
      if (findings.length > 0) throw new Error(`${path} does not hold what it claims:\n  ${findings.join('\n  ')}`)
      await shell.run(['tar', '-C', dir, '-xf', path])
      for (const name of (await readdir(dir)).filter(member => member.endsWith('.vmdk'))) {
        await shell.run(['qemu-img', 'check', '-f', 'vmdk', join(dir, name)])
      }
      await writeFile(join(dir, verify.report), checks.map(({ claim }) => `ok  ${claim}\n`).join(''))
    },
  }
}
