// Reads what the task prints with the problem matchers of VS Code itself, as a package carries them.
import fs from 'node:fs';
import { spawnSync } from 'node:child_process';

const code = `${process.env.NODE_MODULES}/@codingame/monaco-vscode-api/vscode/src/vs`;
const { ProblemMatcherParser, createLineMatcher } = await import(`${code}/workbench/contrib/tasks/common/problemMatcher.js`);
const { ValidationStatus } = await import(`${code}/base/common/parsers.js`);
const { MarkerSeverity } = await import(`${code}/platform/markers/common/markers.js`);

const tasks = fs.readFileSync(`${process.env.ROOT}/editors/vscode/tasks.json`, 'utf8');
const { tasks: [task] } = JSON.parse(tasks.replaceAll('${workspaceFolder}', process.cwd()));
const refuse = (message) => { throw new Error(message); };
const reporter = { status: new ValidationStatus(), info: refuse, warn: refuse, error: refuse, fatal: refuse };
const matcher = new ProblemMatcherParser(reporter).parse(task.problemMatcher);
const lines = createLineMatcher(matcher, { stat: async (uri) => fs.statSync(uri.fsPath) });

let seen = '';
for (const line of spawnSync(task.command, task.args, { encoding: 'utf8' }).stdout.split('\n')) {
  const { match } = lines.handle([line]);
  if (!match) continue;
  const { startLineNumber, startColumn, severity, message, code } = match.marker;
  const file = (await match.resource).fsPath;
  // Columns are UTF-16 code units from 1, as in JavaScript.
  const rest = fs.readFileSync(file, 'utf8').split('\n')[startLineNumber - 1].slice(startColumn - 1);
  seen += `${[startLineNumber, MarkerSeverity.toString(severity), /^[^<>]*/.exec(rest)[0], `${message} [${code}]`].join(' | ')}\n`;
}
fs.writeFileSync(process.env.SEEN, seen);
