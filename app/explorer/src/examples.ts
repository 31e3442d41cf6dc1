/**
 * The saved example queries. A file is one example: its first comment line is "<question>. <title>", further ones explain,
 * and one "# variables: {…}" line holds the variables. A value "<student.id>" there is a place to fill in, see samples.ts.
 */

export interface Example {
  readonly title: string;
  readonly query: string;
  readonly variables: string;
}

export interface Question {
  readonly number: number;
  readonly text: string;
  readonly examples: readonly Example[];
}

const QUESTIONS = [
  "A student with everything",
  "A course with its students",
  "Marks of a course in a semester",
  "Enrolments of a student",
  "Course grade summary",
  "Grade report of a student",
  "Attendance report of a course",
  "Student performance of a semester",
  "Attendance statistics",
  "Settings and configuration",
];

const FILES = import.meta.glob<string>("./examples/*.graphql", { query: "?raw", import: "default", eager: true });
const TITLE = /^# (\d+)\. (.+)\n/;
const VARIABLES = /^# variables: (.+)\n/m;

function parse(path: string, text: string): Example & { number: number } {
  const [, number, title] = TITLE.exec(text) ?? [];
  if (number === undefined || title === undefined) throw new Error(`${path} does not begin with "# <question>. <title>"`);
  const variables: unknown = JSON.parse(VARIABLES.exec(text)?.[1] ?? "{}");
  return { number: Number(number), title, query: text.replace(VARIABLES, ""), variables: JSON.stringify(variables, null, 2) };
}

const EXAMPLES = Object.entries(FILES).map(([path, text]) => parse(path, text));

export const questions: readonly Question[] = QUESTIONS.map((text, index) => ({
  number: index + 1,
  text,
  examples: EXAMPLES.filter((example) => example.number === index + 1),
}));
