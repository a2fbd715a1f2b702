/**
 * JUnit XML in the subset that Jenkins, GitLab and the common GitHub actions agree on: one testsuite for each section,
 * one testcase for each vector, `classname` module.section, `name` the vector's stable id.
 */

import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { Result, Results } from '../model.js';
import { visible } from '../text.js';
import { explain, group, LABELS, type Outcome, outcome, type Section } from '../verdicts.js';
import { failureLines, traceLines } from './plain.js';

export function renderJunit(results: Results): string {
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: xml(`${results.suite.name} ${results.target.id}`),
    ...totals(results.results),
    time: seconds(results.summary.ms),
  });
  for (const { sections } of group(results.results)) for (const section of sections) suite(root, section, results);
  return `${root.end({ prettyPrint: true })}\n`;
}

function suite(root: XMLBuilder, { module, section, results }: Section, { target, suite, startedAt }: Results): void {
  const element = root.ele('testsuite', {
    name: xml(`${module}.${section}`),
    ...totals(results),
    skipped: String(results.filter((result) => outcome(result) === 'skipped').length),
    time: seconds(results.reduce((sum, { ms }) => sum + ms, 0)),
    timestamp: startedAt.replace(/(\.\d+)?Z$/, ''),
  });
  const properties = element.ele('properties');
  const facts = {
    target: target.id,
    runtime: `${target.name} ${target.version}`,
    platform: target.platform,
    suite: suite.version,
  };
  for (const [name, value] of Object.entries(facts)) properties.ele('property', { name, value: xml(value) });
  for (const result of results) testcase(element, result);
}

function testcase(parent: XMLBuilder, result: Result): void {
  const [file = '', line] = result.source.split(/:(?=\d+$)/);
  const element = parent.ele('testcase', {
    name: xml(result.id),
    classname: xml(`${result.module}.${result.section}`),
    time: seconds(result.ms),
    file: xml(`vectors/${file}`),
    ...(line ? { line } : {}),
  });
  const kind = outcome(result);
  const message = oneLine(explain(result) || LABELS[result.verdict]);
  if (kind === 'skipped') element.ele('skipped', { message });
  else if (kind !== 'passed') element.ele(kind, { message, type: result.verdict }).txt(body(result));
  else if (result.verdict === 'disputed') element.ele('system-out').txt(`disputed: ${message}`);
}

function body(result: Result): string {
  const parts = [
    [result.title, ...result.covers.map(({ id, says }) => `${id}: ${says}`)],
    [explain(result)],
    ...(result.failures ?? []).map(failureLines),
    result.trace?.length ? ['trace:', ...traceLines(result.trace)] : [],
    result.reproduce ? [`reproduce: ${result.reproduce}`] : [],
  ];
  const text = parts.map((lines) => lines.join('\n')).filter(Boolean);
  return `\n${xml(text.join('\n\n'))}\n`;
}

function totals(results: readonly Result[]): Record<'tests' | 'failures' | 'errors', string> {
  const of = (kind: Outcome): string => String(results.filter((result) => outcome(result) === kind).length);
  return { tests: String(results.length), failures: of('failure'), errors: of('error') };
}

/** Attribute values lose their line breaks in every parser. */
function oneLine(text: string): string {
  return xml(text).replace(/\s*\n\s*/g, ' ');
}

/** xmlbuilder2 leaves alone what looks like an entity, known or not; here every `&` is meant literally. */
function xml(text: string): string {
  return visible(text).replaceAll('&', '&amp;');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
