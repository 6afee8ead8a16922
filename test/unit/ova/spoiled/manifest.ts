/** Manifests in forms that importers refuse, or that lie. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { alter, repack, type Spoiled } from '../support/spoil.ts'

const rewritten =
  (change: (text: string) => string): Spoiled['spoil'] =>
  parts =>
    repack(alter(parts, '.mf', data => change(data.toString())))

const anotherForm = (name: string, change: (text: string) => string): Spoiled => ({
  name,
  spoil: rewritten(change),
  findings: ['manifest lists | sample.mf@0 | line "', 'manifest lists | sample.mf@* | "sample.ovf" is not listed'],
})

function signed(certificate: string): Spoiled['spoil'] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  return ([ovf, mf, ...disks]) => {
    const hex = sign('sha256', mf?.data ?? Buffer.alloc(0), privateKey).toString('hex')
    const cert = { name: 'sample.cert', data: Buffer.from(`SHA256(sample.mf)= ${hex}\n${certificate}`) }
    return repack([ovf, mf, cert, ...disks].flatMap(part => part ?? []))
  }
}

export const manifests: Spoiled[] = [
  anotherForm('`SHA256 (`, as sha256sum --tag writes it', text => text.replace('SHA256(', 'SHA256 (')),
  anotherForm('`SHA2-256(`, as OpenSSL 3 writes it', text => text.replace('SHA256(', 'SHA2-256(')),
  anotherForm('SHA1', text => text.replace(/^SHA256(.*= [0-9a-f]{40})[0-9a-f]*/, 'SHA1$1')),
  {
    name: 'a wrong hash',
    spoil: rewritten(text => text.replace(/= [0-9a-f]{4}/, '= 0000')),
    findings: ['every digest | sample.mf@0 | SHA256(sample.ovf)= 0000'],
  },
  {
    name: 'a manifest that lists itself',
    spoil: rewritten(text => `${text}SHA256(sample.mf)= ${'0'.repeat(64)}\n`),
    findings: ['manifest lists | sample.mf@* | "sample.mf" is not in the archive, or is the manifest'],
  },
  {
    name: 'a file that is not there',
    spoil: rewritten(text => `${text}SHA256(sample.iso)= ${'0'.repeat(64)}\n`),
    findings: ['manifest lists | sample.mf@* | "sample.iso" is not in the archive'],
  },
  {
    name: 'a file twice',
    spoil: rewritten(text => `${text}${text.split('\n')[0]}\n`),
    findings: ['manifest lists | sample.mf@* | "sample.ovf" is listed twice'],
  },
  {
    name: 'a file that is not listed',
    spoil: rewritten(text => text.replace(/.*vmdk.*\n/, '')),
    findings: ['manifest lists | sample.mf@* | "sample-disk1.vmdk" is not listed'],
  },
  {
    name: 'no manifest',
    spoil: parts => repack(parts.filter(({ name }) => !name.endsWith('.mf'))),
    findings: [
      'flat and unique names | spoiled.ova@* | the second member is "sample-disk1.vmdk"',
      'flat and unique names | spoiled.ova@0 | there is no disk',
      'manifest lists | spoiled.ova@0 | there is no manifest',
    ],
  },
  {
    name: 'a certificate that is none',
    spoil: signed('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'),
    findings: ['certificate signs | sample.cert@0 | the certificate cannot be read'],
  },
  {
    name: 'a certificate in another form',
    spoil: signed(''),
    findings: ['certificate signs | sample.cert@0 | another form'],
  },
]
