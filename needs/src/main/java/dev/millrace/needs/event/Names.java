package dev.millrace.needs.event;

import java.util.Arrays;

/** The names of an event so far, to find one that stands twice in one object. */
final class Names {
  private static final int MOST = 1 << 15;
  private static final int FEW = 64;

  /** Scopes below are those of indexed objects: 0, or one more than the number of its entry. */
  private static final int FIRST_HIDDEN_SCOPE = 1 << 20;

  /** Of each name where it is, how long it is, its hash and the object it is in. */
  private int[] names = new int[4 * FEW];

  /** By hash: the number of a name, from one; 0 is free. Twice as many as there are names. */
  private int[] table = new int[2 * FEW];

  private int count;
  private int scopes;

  void clear() {
    if (count > 0) {
      Arrays.fill(table, 0);
      count = 0;
    }
    scopes = FIRST_HIDDEN_SCOPE;
  }

  /** Of events that all have many names the table is kept; one large one is soon forgotten. */
  void shrink() {
    if (table.length > 32 * FEW && 16 * count < table.length) {
      names = new int[4 * FEW];
      table = new int[2 * FEW];
    }
  }

  /** Of an object that is not indexed. */
  int newScope() {
    return scopes++;
  }

  /**
   * @return false when it is there already, or when there are too many to tell
   */
  boolean add(byte[] bytes, int start, int length, int scope) {
    int hash = hash(bytes, start, length);
    int mask = table.length - 1;
    int slot = slot(hash, scope, mask);
    for (; table[slot] != 0; slot = (slot + 1) & mask) {
      int name = 4 * (table[slot] - 1);
      if (names[name + 2] == hash
          && names[name + 3] == scope
          && names[name + 1] == length
          && Arrays.equals(
              bytes, start, start + length, bytes, names[name], names[name] + length)) {
        return false;
      }
    }
    int name = 4 * count++;
    table[slot] = count;
    names[name] = start;
    names[name + 1] = length;
    names[name + 2] = hash;
    names[name + 3] = scope;
    return 2 * count < table.length || grow();
  }

  private static int hash(byte[] bytes, int start, int length) {
    int hash = 0;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  private static int slot(int hash, int scope, int mask) {
    int mixed = (hash + scope * 0x9E3779B1) * 0x85EBCA6B;
    return (mixed ^ mixed >>> 15) & mask;
  }

  private boolean grow() {
    if (count > MOST) {
      return false;
    }
    names = Arrays.copyOf(names, names.length * 2);
    table = new int[table.length * 2];
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int slot = slot(names[4 * i + 2], names[4 * i + 3], mask);
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = i + 1;
    }
    return true;
  }
}
