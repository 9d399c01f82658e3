/** Prints what a load needs, as the tables of docs/scaling.md. */
import { Command } from 'commander';
import { hasTools } from '../../deploy/tools.ts';
import { measureCollectors } from './collectors.ts';
import { writeTables } from './tables.ts';

const { collectors } = new Command('npx -y pnpm@12 bench:load-model')
  .usage('')
  .description('prints what a load needs, as the tables of docs/scaling.md')
  .option('--collectors', 'measures what a trace costs the collectors, within two minutes')
  .addHelpText(
    'after',
    `
--collectors: DEPLOY_TOOLS names the folder with the collector that .ci/deploy --build makes, and DATABASE_URL a
Postgres with pgvector, in which a database is made for the run.`,
  )
  .allowExcessArguments(false)
  .parse()
  .opts<{ readonly collectors?: boolean }>();
if (!collectors) console.log(writeTables());
else if (hasTools('collector')) await measureCollectors(process.env['DATABASE_URL'] || undefined);
else {
  console.error('DEPLOY_TOOLS has to name the folder with the collector.');
  process.exitCode = 2;
}
