import { InvalidArgumentError } from 'commander';

/** @returns what reads an option's number, `min` or more, for commander */
export function numberFrom(min: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isFinite(number) && number >= min) return number;
    throw new InvalidArgumentError(`It must be a number, ${min} or more.`);
  };
}
