/** Descriptors that are no plain OVF 1, or do not tell of the archive around them. */
import { replaced, type Spoiled } from '../support/spoil.ts'

const xml: Spoiled[] = [
  {
    name: 'a DOCTYPE with an entity',
    spoil: replaced('<Envelope', '<!DOCTYPE x [<!ENTITY a "b">]><Envelope'),
    findings: [
      'plain XML | sample.ovf@39 | not well-formed, or more than a descriptor needs: neither text nor an element',
    ],
  },
  {
    name: 'an entity that nobody declares',
    spoil: replaced('<Name>dispatch-solo', '<Name>&xxe;'),
    findings: ['plain XML | sample.ovf@* | not well-formed, or more than a descriptor needs: an entity'],
  },
  {
    name: 'cut short',
    spoil: replaced('</Envelope>', ''),
    findings: ['plain XML | sample.ovf@* | not well-formed'],
  },
  {
    name: 'elements without an end to their depth',
    spoil: replaced('<Name>dispatch-solo', `<Name>${'<a>'.repeat(100)}`),
    findings: ['plain XML | sample.ovf@* | not well-formed, or more than a descriptor needs: more than 32'],
  },
  {
    name: 'elements without an end to their number',
    spoil: replaced('<Name>dispatch-solo', `<Name>${'<a/>'.repeat(10_000)}`),
    findings: ['plain XML | sample.ovf@* | not well-formed, or more than a descriptor needs: more than 4096 elements'],
  },
  {
    name: 'too large to be read',
    spoil: replaced('</Envelope>', `</Envelope>${' '.repeat(1024 * 1024)}`),
    findings: ['plain XML | sample.ovf@0 | * bytes of text'],
  },
  {
    name: 'OVF 2',
    spoil: replaced('xmlns="http://schemas.dmtf.org/ovf/envelope/1"', 'xmlns="http://schemas.dmtf.org/ovf/envelope/2"'),
    findings: ['plain XML | sample.ovf@* | xmlns is "http://schemas.dmtf.org/ovf/envelope/2"'],
  },
  {
    name: 'a namespace that is not declared',
    spoil: replaced(' xmlns:vmw="http://www.vmware.com/schema/ovf"', ''),
    findings: [
      'plain XML | sample.ovf@* | xmlns:vmw is "absent"',
      'plain XML | sample.ovf@* | vmw:osType has a prefix that Envelope does not declare',
    ],
  },
]

const structure: Spoiled[] = [
  {
    name: 'sections in another order',
    spoil: replaced(/(<DiskSection>.*<\/DiskSection>)\s*(<NetworkSection>.*<\/NetworkSection>)/s, '$2$1'),
    findings: ['OVF schema | sample.ovf@* | Envelope: "NetworkSection" stands out of order'],
  },
  {
    name: 'a choice of configurations',
    spoil: replaced(
      '<VirtualSystem ',
      '<DeploymentOptionSection><Info>x</Info></DeploymentOptionSection><VirtualSystem ',
    ),
    findings: ['OVF schema | sample.ovf@* | Envelope: "DeploymentOptionSection" stands out of order or is not known'],
  },
  {
    name: 'two machines',
    spoil: replaced(/<VirtualSystem .*<\/VirtualSystem>/s, '<VirtualSystemCollection ovf:id="a"/>'),
    findings: [
      'OVF schema | sample.ovf@* | Envelope: "VirtualSystemCollection" stands out of order or is not known',
      'operating system | sample.ovf@* | 0 elements VirtualSystem',
      'operating system | sample.ovf@* | 0 elements OperatingSystemSection',
      'operating system | sample.ovf@* | 0 elements VirtualHardwareSection',
      'operating system | sample.ovf@* | 0 elements vssd:VirtualSystemType',
      'operating system | sample.ovf@* | there is no ProductSection',
      'hardware is the subset | sample.ovf@0 | no item uses the disk',
      'hardware is the subset | sample.ovf@* | 0 items of CPU',
      'hardware is the subset | sample.ovf@* | 0 items of memory',
    ],
  },
  {
    name: 'the name behind the sections',
    spoil: replaced(/(<Name>.*<\/Name>)\s*(<AnnotationSection>.*<\/AnnotationSection>)/s, '$2$1'),
    findings: ['OVF schema | sample.ovf@* | VirtualSystem: "AnnotationSection" stands out of order'],
  },
  {
    name: 'a boot order that vCenter takes for BIOS',
    spoil: replaced('<AnnotationSection>', '<vmw:BootOrderSection ovf:required="false"/><AnnotationSection>'),
    findings: ['OVF schema | sample.ovf@* | VirtualSystem: "vmw:BootOrderSection" stands out of order or is not known'],
  },
  {
    name: 'text between elements',
    spoil: replaced('<AnnotationSection>', 'x<AnnotationSection>'),
    findings: ['OVF schema | sample.ovf@* | text stands between the elements of VirtualSystem'],
  },
  {
    name: 'a file in pieces',
    spoil: replaced('<File ', '<File ovf:chunkSize="1000" '),
    findings: ['OVF schema | sample.ovf@* | File has an attribute "ovf:chunkSize"'],
  },
]

const machine: Spoiled[] = [
  {
    name: 'two names',
    spoil: replaced('<Name>dispatch-solo</Name>', '<Name>other</Name>'),
    findings: ['operating system | sample.ovf@* | the machine is "dispatch-solo" by id and "other" by name'],
  },
  {
    name: 'a name that is no host name',
    spoil: replaced(
      /(<VirtualSystem ovf:id=")dispatch-solo(".*<Name>)dispatch-solo/s,
      '$1Dispatch Solo$2Dispatch Solo',
    ),
    findings: ['operating system | sample.ovf@* | the machine\'s name "Dispatch Solo" is no host name'],
  },
  {
    name: 'hardware too new for most hosts',
    spoil: replaced('>vmx-14<', '>vmx-21<'),
    findings: ['operating system | sample.ovf@* | hardware version "vmx-21"'],
  },
  {
    name: 'hardware of VirtualBox alone',
    spoil: replaced('>vmx-14<', '>virtualbox-2.2<'),
    findings: ['operating system | sample.ovf@* | hardware version "virtualbox-2.2"'],
  },
  {
    name: 'a system that Proxmox VE does not take for Linux',
    spoil: replaced('<OperatingSystemSection ovf:id="96"', '<OperatingSystemSection ovf:id="102"'),
    findings: ['operating system | sample.ovf@* | operating system "102"'],
  },
  {
    name: 'a system that VirtualBox must know',
    spoil: replaced('<vbox:OSType ovf:required="false">', '<vbox:OSType>'),
    findings: ['OVF schema | sample.ovf@* | vbox:OSType is required, but only some importers know it'],
  },
  {
    name: 'a product that nobody names',
    spoil: replaced(/<Vendor>[^\0]*?<\/Vendor>\n(?![^\0]*<Vendor>)/, ''),
    findings: ['operating system | sample.ovf@* | the last ProductSection does not name the product'],
  },
]

const files: Spoiled[] = [
  {
    name: 'a wrong capacity',
    spoil: replaced('ovf:capacity="41943040"', 'ovf:capacity="6442450944"'),
    findings: ['capacity and populated | sample.ovf@* | ovf:capacity is 6442450944'],
  },
  {
    name: 'another populated size',
    spoil: replaced(/populatedSize="\d+"/, 'populatedSize="1"'),
    findings: ['capacity and populated | sample.ovf@* | ovf:populatedSize is 1'],
  },
  {
    name: 'a lie about the size',
    spoil: replaced(/ovf:size="\d+"/, 'ovf:size="7"'),
    findings: ['references and disks | sample.ovf@* | ovf:size of "sample-disk1.vmdk" is "7"'],
  },
  {
    name: 'a capacity in units that VirtualBox ignores',
    spoil: replaced('Units="byte"', 'Units="byte * 2^30"'),
    findings: ['references and disks | sample.ovf@* | ovf:capacityAllocationUnits is "byte * 2^30"'],
  },
  {
    name: 'another format of the disk',
    spoil: replaced('#streamOptimized', '#sparse'),
    findings: ['references and disks | sample.ovf@* | ovf:format is'],
  },
  {
    name: 'a reference to another file',
    spoil: replaced('ovf:href="sample-disk1', 'ovf:href="other'),
    findings: [
      'references and disks | sample.ovf@* | file reference "other.vmdk" stands where the archive has another',
      'capacity and populated | sample.ovf@0 | no Disk says the capacity of "sample-disk1.vmdk"',
    ],
  },
  {
    name: 'a disk of no file',
    spoil: replaced(' ovf:fileRef="file1"', ''),
    findings: [
      'OVF schema | sample.ovf@* | Disk has no ovf:fileRef',
      'references and disks | sample.ovf@* | ovf:fileRef leads to no File',
      'capacity and populated | sample.ovf@0 | no Disk says the capacity',
    ],
  },
  {
    name: 'two disks of one file',
    spoil: replaced(/(<Disk .*\/>)/, '$1$1'),
    findings: [
      'references and disks | sample.ovf@* | ovf:diskId "disk1" is there twice',
      'references and disks | sample.ovf@* | ovf:fileRef "file1" is there twice',
    ],
  },
]

export const descriptors: Spoiled[] = [...xml, ...structure, ...machine, ...files]
