import type { ChatModel } from '../llm/chat-model.ts';
import { CappedError } from '../llm/chat-model.ts';
import { formatMoney } from '../money.ts';
import type { Proposal, Situation } from './ask-model.ts';
import { askModel } from './ask-model.ts';
import type { Move } from './decide.ts';
import * as events from './events.ts';
import type { Strategy } from './metrics.ts';
import type { Item } from './repository.ts';
import { screenMessage, templateMessage } from './words.ts';

export interface Counter {
  readonly item: Item;
  readonly agentDid: string;
  readonly round: number;
  readonly rounds: number;
  readonly bidMinor: number;
  /** The first is the policy's own. */
  readonly moves: readonly [Move, ...Move[]];
  readonly last: boolean;
}

export interface ChosenMove {
  readonly move: Move;
  readonly message: string;
  readonly strategy: Strategy;
  /** Whose the message is. */
  readonly words: 'model' | 'template';
}

/**
 * Picks one of the allowed moves and words it. The model proposes; whatever is not one of the
 * moves, or not fit to be said, is replaced by the policy's move and a template. Never throws.
 *
 * @param chat undefined when no model is to be asked
 */
export async function chooseMove(
  chat: ChatModel | undefined,
  signal: AbortSignal,
  counter: Counter,
): Promise<ChosenMove> {
  const { item, round, last } = counter;
  const proposal = chat && (await propose(chat, signal, counter));
  const chosen = counter.moves.find((allowed) => allowed.move === proposal?.move);
  const move = chosen ?? counter.moves[0];
  const offer = { itemName: item.name, currency: item.currency, askMinor: move.askMinor };
  const said = proposal && screenMessage(proposal.message, offer);
  if (chat && proposal) {
    const kept = { moveKept: chosen !== undefined, wordsKept: said !== undefined };
    events.llmDecisionMade(chat.logger, { move: move.move, ...kept });
  }
  const strategy = chosen ? 'model' : 'policy';
  events.moveChosen(strategy);
  const words = said === undefined ? 'template' : 'model';
  return { move, strategy, words, message: said ?? templateMessage({ ...offer, round, last }) };
}

/** @returns undefined when the model failed or was not to be asked */
async function propose(
  chat: ChatModel,
  signal: AbortSignal,
  counter: Counter,
): Promise<Proposal | undefined> {
  try {
    return await askModel(chat, situationOf(counter), counter.agentDid, signal);
  } catch (error) {
    // A buyer who went away is no fault of the model's.
    if (signal.aborted) return undefined;
    if (error instanceof CappedError) events.llmCapped(chat.logger, error);
    else events.llmFailed(chat.logger, error);
    return undefined;
  } finally {
    events.circuitSeen(chat.circuit());
  }
}

/** Characters of an item's texts that the model gets to read, so that nobody makes it read a book. */
const MAX_NAME = 200;
const MAX_DESCRIPTION = 2_000;

/** The situation holds no floor, nothing computed from it alone, and nothing of the agent. */
function situationOf(counter: Counter): Situation {
  const { item } = counter;
  const money = (minor: number): string => formatMoney(minor, item.currency);
  return {
    item: {
      name: item.name.slice(0, MAX_NAME),
      description: item.description.slice(0, MAX_DESCRIPTION),
    },
    currency: item.currency,
    list_price: money(item.terms.baseMinor),
    round: counter.round,
    rounds: counter.rounds,
    bid: money(counter.bidMinor),
    moves: counter.moves.map(({ move, askMinor }) => ({ move, ask: money(askMinor) })),
  };
}
