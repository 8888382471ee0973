using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace VClusterManager.Server.Storage;

/// <summary>What an exception from a database means to the one who asked.</summary>
internal enum DatabaseError
{
    /// <summary>Not from a database, or a bug.</summary>
    Other,

    /// <summary>It met a concurrent change: from the start again.</summary>
    Conflict,

    /// <summary>A unique constraint refused it.</summary>
    Unique,

    /// <summary>The database is away, full, or not writable.</summary>
    Unavailable,
}

/// <summary>
/// Reads the exceptions of both databases. EF Core and ADO.NET wrap them in several layers, so the whole chain counts.
/// </summary>
internal static partial class DatabaseErrors
{
    private const string IdleInTransaction = "25P03";
    private const int SqliteBusySnapshot = 517;
    private const int SqliteConstraintPrimaryKey = 1555;
    private const int SqliteConstraintUnique = 2067;

    public static DatabaseError Classify(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            // Npgsql puts the server's "query cancelled" inside: it was the caller who gave up.
            if (current is OperationCanceledException)
            {
                return DatabaseError.Other;
            }

            var error = ClassifyOne(current);
            if (error != DatabaseError.Other)
            {
                return error;
            }
        }

        return DatabaseError.Other;
    }

    /// <summary>The exception that callers know; the same one when it means nothing special.</summary>
    public static Exception Translate(Exception exception, IModel model) =>
        Classify(exception) switch
        {
            DatabaseError.Unique when exception is not UniqueViolationException => new UniqueViolationException(
                ConstraintOf(exception, model),
                exception
            ),
            DatabaseError.Unavailable => Unavailable(exception),
            _ => exception,
        };

    public static DatabaseUnavailableException Unavailable(Exception exception) =>
        exception as DatabaseUnavailableException
        ?? new DatabaseUnavailableException("The database is away: " + Innermost(exception).Message, exception);

    private static DatabaseError ClassifyOne(Exception exception) =>
        exception switch
        {
            DatabaseUnavailableException => DatabaseError.Unavailable,
            UniqueViolationException => DatabaseError.Unique,
            DbUpdateConcurrencyException => DatabaseError.Conflict,
            PostgresException postgres => ClassifyState(postgres.SqlState),
            NpgsqlOperationInProgressException => DatabaseError.Other,
            NpgsqlException => DatabaseError.Unavailable,
            SqliteException sqlite => ClassifyCode(sqlite.SqliteErrorCode, sqlite.SqliteExtendedErrorCode),
            _ => DatabaseError.Other,
        };

    private static DatabaseError ClassifyState(string state) =>
        state switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => DatabaseError.Conflict,
            PostgresErrorCodes.UniqueViolation => DatabaseError.Unique,
            // After a failover the old primary answers reads for a while.
            PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseError.Unavailable,
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => DatabaseError.Unavailable,
            // We were silent for too long in the middle of a change.
            IdleInTransaction => DatabaseError.Unavailable,
            // No such database, or one that lets nobody in: an operator is at it.
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState =>
                DatabaseError.Unavailable,
            // By class: connection exception, authorization, insufficient resources, operator intervention, system error.
            _ => state[..2] is "08" or "28" or "53" or "57" or "58" ? DatabaseError.Unavailable : DatabaseError.Other,
        };

    private static DatabaseError ClassifyCode(int code, int extended) =>
        code switch
        {
            _ when extended == SqliteBusySnapshot => DatabaseError.Conflict,
            _ when extended is SqliteConstraintUnique or SqliteConstraintPrimaryKey => DatabaseError.Unique,
            // BUSY and LOCKED (after the busy timeout), READONLY, IOERR, FULL, CANTOPEN.
            5 or 6 or 8 or 10 or 13 or 14 => DatabaseError.Unavailable,
            _ => DatabaseError.Other,
        };

    private static string ConstraintOf(Exception exception, IModel model)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is PostgresException { ConstraintName: { } name })
            {
                return name;
            }

            if (current is SqliteException && FailedColumns().Match(current.Message) is { Success: true } match)
            {
                return ConstraintOver(match.Groups["columns"].Value.Split(", "), model)
                    ?? match.Groups["columns"].Value;
            }
        }

        return "unknown";
    }

    // SQLite names the columns ("clusters.namespace, clusters.name"), PostgreSQL the constraint: the model knows both.
    private static string? ConstraintOver(string[] qualified, IModel model)
    {
        var table = model
            .GetRelationalModel()
            .Tables.FirstOrDefault(t => qualified[0].StartsWith(t.Name + ".", StringComparison.Ordinal));
        var columns = qualified.Select(name => name[(name.IndexOf('.') + 1)..]).ToArray();
        return table
                ?.UniqueConstraints.FirstOrDefault(unique => columns.SequenceEqual(unique.Columns.Select(c => c.Name)))
                ?.Name
            ?? table
                ?.Indexes.FirstOrDefault(index =>
                    index.IsUnique && columns.SequenceEqual(index.Columns.Select(c => c.Name))
                )
                ?.Name;
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    [GeneratedRegex("UNIQUE constraint failed: (?<columns>[a-z_., ]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FailedColumns();
}
