/** Estimates the tokens of a call, at four characters each. */
export function countUsage(prompt: string, completion: string): Record<string, number> {
  const promptTokens = Math.ceil(prompt.length / 4);
  const completionTokens = Math.ceil(completion.length / 4);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
