namespace VClusterManager.Server.Storage;

/// <summary>The database cannot be reached or cannot do its work now. Trying again later may help; nothing was saved.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Something that must be unique was there already; nothing was saved.</summary>
internal sealed class UniqueViolationException(string constraint, Exception? cause = null)
    : Exception($"A row that breaks {constraint} was refused.", cause)
{
    /// <summary>One of <see cref="Constraints"/>, the same on SQLite and PostgreSQL.</summary>
    public string Constraint { get; } = constraint;
}

/// <summary>This program must not use this database, and waiting does not help. The message is for the operator.</summary>
internal sealed class DatabaseRefusedException(string message, Exception? cause = null) : Exception(message, cause);
