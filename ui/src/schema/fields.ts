import { isMap } from './json';

/** One field of a product's events, nested ones by their dotted path. */
export interface Field {
  path: string;
  /** In the words of the platform's messages: text, integer, number, boolean, timestamp, … */
  type: string;
  required: boolean;
  description?: string;
  depth: number;
  /** Whether other fields are inside. */
  isObject: boolean;
}

/** The fields of a JSON Schema in its own order, each object before its fields. */
export function fieldsOf(schema: unknown): Field[] {
  return isMap(schema) ? inside(schema, '', 0) : [];
}

function inside(schema: Record<string, unknown>, prefix: string, depth: number): Field[] {
  const properties = isMap(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = prefix + name;
    const type = typeOf(property);
    const field: Field = {
      path,
      type,
      required: required.includes(name),
      description: descriptionOf(property),
      depth,
      isObject: isMap(property) && isMap(property.properties),
    };
    return field.isObject && isMap(property)
      ? [field, ...inside(property, `${path}.`, depth + 1)]
      : [field];
  });
}

function descriptionOf(property: unknown): string | undefined {
  return isMap(property) && typeof property.description === 'string'
    ? property.description
    : undefined;
}

const FORMATS: Record<string, string> = { 'date-time': 'timestamp', date: 'date', uuid: 'uuid' };

function typeOf(property: unknown): string {
  if (!isMap(property)) return 'any';
  const types = [property.type].flat().filter((type) => type !== 'null' && type !== undefined);
  if (types.length !== 1) return 'any';
  if (types[0] === 'array') return `list of ${typeOf(property.items)}`;
  if (types[0] === 'string') return FORMATS[String(property.format)] ?? 'text';
  return String(types[0]);
}

const COLUMNS: Record<string, string> = {
  integer: 'bigint',
  number: 'double',
  object: 'json',
  any: 'json',
};

/** The column type a field gets when none is asked for. */
export function columnTypeOf(field: Field): string {
  return field.type.startsWith('list') ? 'json' : (COLUMNS[field.type] ?? field.type);
}
