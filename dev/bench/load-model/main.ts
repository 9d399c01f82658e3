/** Prints what a load needs, as the tables of docs/scaling.md. */
import { Command } from 'commander';
import { writeTables } from './tables.ts';

new Command('npx -y pnpm@12 bench:load-model')
  .usage('')
  .description('prints what a load needs, as the tables of docs/scaling.md')
  .allowExcessArguments(false)
  .parse();
console.log(writeTables());
