/** What the runtimes' tests load: the probes of test/fixtures/runtimes, and code that cannot be loaded. */
import { readFileSync } from 'node:fs'
import type { RuntimeCases } from './runtime-cases.ts'

export type RuntimeProbe = Pick<RuntimeCases, 'probe' | 'broken' | 'lines' | 'hasPieces'>

const fixture = (name: string) => readFileSync(`test/fixtures/runtimes/${name}`, 'utf8')

export const python3: RuntimeProbe = {
  probe: { 'probe.py': fixture('probe.py') },
  broken: {
    'two files and no handler': {
      files: { 'a.py': '', 'b.py': '' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a syntax error': {
      files: { 'a.py': 'def handle(:' },
      message: /^Invalid function file or handler: SyntaxError: .*a\.py, line 1/,
    },
    'an import that fails': {
      files: { 'a.py': 'import absent' },
      message: /^Invalid function file or handler: ModuleNotFoundError: No module named 'absent' \(.*a\.py, line 1\)$/,
    },
    'a handler with one argument': {
      files: { 'a.py': 'def handle(payload): pass' },
      message: /^Invalid function file or handler: handle\(payload\) does not take \(context, payload\)$/,
    },
    'a handler that is not there': {
      files: { 'a.py': 'def handle(c, p): pass' },
      handler: 'a.absent',
      message: /^Invalid function file or handler: AttributeError: module 'a' has no attribute 'absent'$/,
    },
    'a process that ends while it is imported': {
      files: { 'a.py': 'import os; os._exit(3)' },
      message: /^Invalid function file or handler: importing it ended its container/,
    },
    'sys.exit() while it is imported': {
      files: { 'a.py': 'import sys; sys.exit(3)' },
      message: /^Invalid function file or handler: SystemExit: 3/,
    },
  },
}

export const nodejs: RuntimeProbe = {
  probe: { 'probe.js': fixture('probe.js') },
  broken: {
    'two files and no handler': {
      files: { 'a.js': '', 'b.js': '' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a syntax error': {
      files: { 'a.js': 'module.exports = (' },
      message: /^Invalid function file or handler: SyntaxError: .*a\.js:1\)$/,
    },
    'an import that fails': {
      files: { 'a.js': 'require("absent")' },
      message: /^Invalid function file or handler: Error: Cannot find module 'absent'$/,
    },
    'no function exported': {
      files: { 'a.mjs': 'export default 3' },
      handler: './a.mjs',
      message: /^Invalid function file or handler: \.\/a\.mjs exports no function/,
    },
    'a file that is not there': {
      files: { 'a.js': '' },
      handler: './absent.js',
      message: /^Invalid function file or handler: Error: Cannot find module/,
    },
    'a process that ends while it is imported': {
      files: { 'a.js': 'process.exit(3)' },
      message: /^Invalid function file or handler: its process exited with code 3 while importing it$/,
    },
  },
}

export const binary: RuntimeProbe = {
  lines: 'stderr',
  hasPieces: false,
  probe: { 'probe.sh': fixture('probe.sh') },
  broken: {
    'two files and no handler': {
      files: { 'a.sh': '#!/bin/sh', 'b.sh': '#!/bin/sh' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a file that may not be executed': {
      files: { 'a.sh': 'echo 1' },
      message: /^Invalid function file or handler: a\.sh is not executable: chmod \+x it$/,
    },
    'a file that is not there': {
      files: { 'a.sh': '#!/bin/sh' },
      handler: './absent.sh',
      message: /^Invalid function file or handler: absent\.sh is not there$/,
    },
    'an interpreter that is not there': {
      files: { 'a.sh': '#!/absent/sh -e' },
      message: /^Invalid function file or handler: a\.sh needs \/absent\/sh, which the image does not have$/,
    },
    'a line that names no interpreter': {
      files: { 'a.sh': '#!\n' },
      message: /^Invalid function file or handler: a\.sh is no program: it begins neither with #! nor as an ELF file$/,
    },
  },
}

export const powershell: RuntimeProbe = {
  hasPieces: false,
  probe: { 'probe.ps1': fixture('probe.ps1') },
  broken: {
    'two files and no handler': {
      files: { 'a.ps1': '', 'b.ps1': '' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a syntax error': {
      files: { 'a.ps1': 'function handle(' },
      message: /^Invalid function file or handler: SyntaxError: .*\(a\.ps1, line 1\)$/,
    },
    'a function that is not there': {
      files: { 'a.ps1': 'function handle($c, $p) { }' },
      handler: 'a.ps1::absent',
      message: /^Invalid function file or handler: a\.ps1 has no function absent$/,
    },
    'a file that is not there': {
      files: { 'a.ps1': '' },
      handler: 'absent.ps1::handle',
      message: /^Invalid function file or handler: absent\.ps1 is not there$/,
    },
    'code that throws while it is loaded': {
      files: { 'a.ps1': 'throw "no"' },
      message: /^Invalid function file or handler: RuntimeException: no \(a\.ps1, line 1\)$/,
    },
  },
}

const javaFile = (body: string) => ({ 'A.java': `public class A ${body}` })
const answersNull = 'public Object apply(Object c, Object p) { return null; }'

export const java: RuntimeProbe = {
  probe: { 'Probe.java': fixture('Probe.java') },
  broken: {
    'two files and no handler': {
      files: { 'A.java': '', 'B.java': '' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a syntax error': {
      files: { 'A.java': 'public class A {\n  int a = ;\n}' },
      message: /^Could not compile source file A\.java: A\.java, line 2: illegal start of expression$/,
    },
    'an import that fails': {
      files: javaFile('{ org.absent.Thing thing; }'),
      message: /^Could not compile source file A\.java: A\.java, line 1: package org\.absent does not exist$/,
    },
    'a class that is no function': {
      files: javaFile('{}'),
      message: /^Invalid function file or handler: A does not implement java\.util\.function\.BiFunction$/,
    },
    'a class that is not there': {
      files: javaFile('{}'),
      handler: 'io.absent.B',
      message: /^Invalid function file or handler: the function has no class io\.absent\.B$/,
    },
    'a constructor that throws': {
      files: javaFile(`implements java.util.function.BiFunction { A() { throw new Error("no"); } ${answersNull} }`),
      message: /^Invalid function file or handler: java\.lang\.Error: no$/,
    },
    'a process that ends while it is loaded': {
      files: javaFile(`implements java.util.function.BiFunction { static { System.exit(3); } ${answersNull} }`),
      message: /^Invalid function file or handler: its process exited with code 3 while importing it$/,
    },
  },
}

/** By language. */
export const probes: Readonly<Record<string, RuntimeProbe>> = { python3, nodejs, binary, java, powershell }
