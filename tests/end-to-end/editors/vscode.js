// Applies the problem matcher as VS Code does: a JavaScript regular expression on each line, columns in UTF-16 from 1.
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const { tasks: [task] } = JSON.parse(fs.readFileSync(`${process.env.ROOT}/editors/vscode/tasks.json`, 'utf8'));
const matcher = task.problemMatcher;
const args = task.args.map((arg) => arg.replace('${workspaceFolder}', process.cwd()));
const run = spawnSync(task.command, args, { encoding: 'utf8' });
const pattern = new RegExp(matcher.pattern.regexp);
const levels = { error: 'Error', warning: 'Warning', info: 'Info', note: 'Info' };
let seen = '';
for (const line of run.stdout.split(/\r?\n/)) {
  const match = pattern.exec(line);
  if (!match) continue;
  const part = (name) => match[matcher.pattern[name]];
  const file = path.resolve(process.cwd(), part('file'));
  const text = fs.readFileSync(file, 'utf8').split('\n')[part('line') - 1];
  const rest = text.slice(part('column') - 1).match(/^[^<>]*/)[0];
  seen += `${[part('line'), levels[part('severity')], rest, `${part('message')} [${part('code')}]`].join(' | ')}\n`;
}
fs.writeFileSync(process.env.SEEN, seen);
