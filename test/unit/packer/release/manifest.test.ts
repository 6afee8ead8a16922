import test from 'ava'
import { debian } from '../../../../packer/bases/debian.ts'
import { parsePackages } from '../../../../packer/listed-package.ts'
import { mayDiffer, parseLock, renderManifest } from '../../../../packer/release/manifest.ts'

test('packages are listed with the hash of the .deb that brought exactly this version', t => {
  const installed = 'bash\t5.2\tamd64\nown\t1\tall\nsed\t4.9\tamd64\n'
  const bash = { name: 'bash', version: '5.2', architecture: 'amd64' }
  const others = [
    { name: 'own', version: '1', architecture: 'all' },
    { name: 'sed', version: '4.9', architecture: 'amd64' },
  ]
  t.deepEqual(parsePackages(installed, 'bash\t5.2\tamd64\taa\nsed\t4.8\tamd64\tbb\n'), [
    { ...bash, sha256: 'aa' },
    ...others,
  ])
})

test('whatever depends on the machine that baked is named among what may differ', t => {
  const named = mayDiffer.map(({ what }) => what).join('\n')
  for (const tool of ['mmdebstrap', 'packer', 'qemu', 'qemu-img', 'e2fsprogs', 'grub', 'mtools', 'sgdisk'])
    t.regex(named, new RegExp(`\\b${tool}\\b`))
  for (const input of ['archive', 'tree', 'disk', 'guest']) t.regex(named, new RegExp(`inputs\\.${input}\\b`))
  for (const field of ['tools', 'accelerator', 'tookMs', 'cached']) t.regex(named, new RegExp(`\\b${field}\\b`))
})

test('npm modules are listed with their integrity, the project itself is not', t => {
  const lock = { packages: { '': { version: '0.1.0' }, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } } }
  t.deepEqual(parseLock(JSON.stringify(lock)), { 'node_modules/a': '1.0.0 sha512-x' })
})

test('the manifest names every input, and no path of the machine that baked', t => {
  const text = renderManifest({
    ...{ version: '0.1.0', commit: 'abc', base: debian, tools: { packer: '1.6.6' }, accelerator: 'tcg' },
    ova: { file: 'x.ova', bytes: 1, sha256: 'ff' },
    images: [{ language: 'nodejs', tar: '/somewhere/nodejs.tar', sha256: 'aa' }],
    steps: [
      {
        name: 'ova',
        dir: '/somewhere/ova',
        inputs: { root: 'bb' },
        outputs: { 'x.ova': 'ff' },
        cached: false,
        tookMs: 1.6,
      },
    ],
    ...{ debianPackages: [], drift: [], npmLock: '{"packages":{}}' },
  })
  t.notRegex(text, /somewhere/)
  const manifest = JSON.parse(text)
  t.deepEqual(manifest.steps, [
    { name: 'ova', cached: false, tookMs: 2, inputs: { root: 'bb' }, outputs: { 'x.ova': 'ff' } },
  ])
  t.deepEqual(manifest.runtimeImages, [{ language: 'nodejs', sha256: 'aa' }])
  t.true(mayDiffer.every(({ why }) => why.length > 10))
})
