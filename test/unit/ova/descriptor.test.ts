import test from 'ava'
import { renderDescriptor } from '../../../ova/descriptor.ts'
import { descendantsNamed, parseXml } from '../../../ova/verify/xml.ts'
import { applianceFacts } from './support/spoil.ts'

const disk = { fileName: 'd.vmdk', fileBytes: 9000, capacityBytes: 21474836480, populatedBytes: 0 }
const facts = { ...applianceFacts, disk }
const textsOf = (source: string, name: string) => descendantsNamed(parseXml(source), name).map(({ text }) => text)

test('the facts stand in the descriptor', t => {
  const source = renderDescriptor(facts)
  const [file] = descendantsNamed(parseXml(source), 'File')
  t.deepEqual(Object.fromEntries(file?.attributes ?? []), {
    'ovf:href': 'd.vmdk',
    'ovf:id': 'file1',
    'ovf:size': '9000',
  })
  t.true(source.includes('ovf:capacity="21474836480" ovf:capacityAllocationUnits="byte"'))
  t.deepEqual(textsOf(source, 'Version'), ['1.2.3'])
  t.deepEqual(textsOf(source, 'rasd:VirtualQuantity'), ['2', '2048'])
  t.deepEqual(textsOf(source, 'rasd:HostResource'), ['ovf:/disk/disk1'])
  t.deepEqual(textsOf(source, 'vssd:VirtualSystemType'), ['vmx-14'])
  t.regex(textsOf(source, 'Annotation')[0] ?? '', /First boot/)
})

test('no property and no transport is promised, for nothing in the machine applies any', t => {
  const source = renderDescriptor(facts)
  t.false(source.includes('<Property'))
  t.false(source.includes('ovf:transport'))
})

test('what has a meaning in XML is text in the descriptor', t => {
  const version = `1<2 & "3" 'ü'`
  t.deepEqual(textsOf(renderDescriptor({ ...facts, version }), 'Version'), [version])
})

test('what XML cannot hold is refused', t => {
  t.throws(() => renderDescriptor({ ...facts, version: '1\u0000' }), {
    message: /character U\+0 at \d+ of ".*" cannot stand/,
  })
})

test('a name that is no host name is refused', t => {
  for (const name of ['', 'Dispatch', 'a b', '-a', 'a-', 'a.b', 'a'.repeat(64)]) {
    t.throws(() => renderDescriptor({ ...facts, name }), { message: /cannot name a machine/ })
  }
})

test('numbers that no machine has are refused', t => {
  for (const cpus of [0, -1, 1.5, Number.NaN])
    t.throws(() => renderDescriptor({ ...facts, cpus }), { message: /cpus = / })
  t.throws(() => renderDescriptor({ ...facts, disk: { ...disk, capacityBytes: 0 } }), { message: /capacityBytes = 0/ })
})
