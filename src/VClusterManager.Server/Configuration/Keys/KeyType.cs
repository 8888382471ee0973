using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>How the value of a key is written, and what its bounds are.</summary>
internal abstract class KeyType
{
    /// <summary>Completes "must be ...": <c>a whole number from 1 to 65535</c>.</summary>
    public abstract string Words { get; }

    /// <summary>The same in JSON Schema (draft 7), as far as that can say it. A new object each time.</summary>
    public abstract JsonObject Schema();

    /// <summary>
    /// The raw value that a variable stands for. <paramref name="entry"/>: it was set for an entry inside, not for the
    /// whole.
    /// </summary>
    /// <exception cref="FormatException">The text cannot be read.</exception>
    public virtual RawNode FromVariable(string text, bool entry, Origin origin) =>
        entry
            ? throw new FormatException("is not a map: it has no entries that could be set")
            : new RawScalar(text, plain: false, origin);
}

internal abstract class KeyType<T> : KeyType
{
    /// <summary>Turns a raw value into a valid one, or reports why not and gives <see langword="false"/>.</summary>
    public abstract bool TryRead(RawNode node, Reading at, out T value);
}
