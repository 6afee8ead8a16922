import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createBakeCredentials, renderSmbios } from '../../../packer/credentials.ts'
import { CommandFailed, createShell, type Shell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'
import { packerEnv, planPacker } from '../../../packer/steps/bake.ts'

type Trial = { shell: Shell; dir: string; variables: Record<string, unknown> }

const trial = async (): Promise<Trial> => {
  const dir = await mkdtemp(join(tmpdir(), 'packer-'))
  const shell = createShell({ logFile: join(dir, 'packer.log'), signal: new AbortController().signal })
  const key = join(dir, 'key')
  await shell.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key])
  const credentials = Object.entries(createBakeCredentials(await readFile(`${key}.pub`, 'utf8'))).map(renderSmbios)
  const files = { base_image: join(dir, 'base.qcow2'), payload: join(dir, 'payload'), sealed: join(dir, 'sealed') }
  const logs = { output_directory: join(dir, 'output'), serial_log: join(dir, 'serial.log') }
  const sum = `sha256:${'0'.repeat(64)}`
  return {
    shell,
    dir,
    variables: { accelerator: 'tcg', base_checksum: sum, private_key: key, credentials, ...files, ...logs },
  }
}

async function validate({ shell, dir, variables }: Trial, folder = repository): Promise<string> {
  const file = join(dir, 'bake.pkrvars.json')
  await writeFile(file, JSON.stringify(variables))
  await shell.run(['mkdir', '-p', join(dir, 'tmp')])
  return shell.run(planPacker('validate', { repository: folder, variables: file }), { env: packerEnv(dir) })
}

test('the template is valid with the variables of a bake', async t => {
  await t.notThrowsAsync(validate(await trial()))
})

test('a variable that is missing is refused by name', async t => {
  const { variables, ...rest } = await trial()
  const { serial_log: _, ...others } = variables
  await t.throwsAsync(validate({ ...rest, variables: others }), { instanceOf: CommandFailed, message: /serial_log/ })
})

test('a template with a plugin block in its folder would be refused by Packer 1.6: plugins are apart', async t => {
  const bench = await trial()
  const version = await bench.shell.run(['packer', 'version'])
  await cp(join(repository, 'packer/appliance.pkr.hcl'), join(bench.dir, 'packer/appliance.pkr.hcl'))
  await cp(join(repository, 'packer/guest'), join(bench.dir, 'packer/guest'), { recursive: true })
  await cp(join(repository, 'packer/plugins/plugins.pkr.hcl'), join(bench.dir, 'packer/plugins.pkr.hcl'))
  if (version.includes('v1.6.')) await t.throwsAsync(validate(bench, bench.dir), { message: /required_plugins/ })
  else t.pass()
})
