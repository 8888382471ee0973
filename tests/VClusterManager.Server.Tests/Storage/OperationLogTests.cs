using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

public sealed class SqliteOperationLogTests(SqliteDatabase database)
    : OperationLogTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresOperationLogTests(PostgresDatabase database)
    : OperationLogTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class OperationLogTests(TestDatabase database)
{
    private readonly OperationLog _log = new(database.Stores, new FakeTimeProvider(Rows.Noon));

    [Fact]
    public async Task Lines_are_numbered_on_from_one()
    {
        var operation = await OperationAsync();

        await _log.AppendAsync(operation, Lines("a", "b"), CancellationToken.None);
        await _log.AppendAsync(operation, Lines("c"), CancellationToken.None);

        (await ReadAsync(operation)).Select(row => (row.Sequence, row.Text)).ShouldBe([(1, "a"), (2, "b"), (3, "c")]);
    }

    [Fact]
    public async Task What_no_text_column_takes_is_replaced()
    {
        var operation = await OperationAsync();

        await _log.AppendAsync(operation, Lines("nul \0 half \uD83D pair \uD83D\uDE00"), CancellationToken.None);

        (await ReadAsync(operation)).Single().Text.ShouldBe("nul \uFFFD half \uFFFD pair \uD83D\uDE00");
    }

    [Fact]
    public async Task A_long_line_is_cut_and_says_so()
    {
        var operation = await OperationAsync();

        await _log.AppendAsync(
            operation,
            Lines(new string('x', OperationLog.MaxLineLength + 1)),
            CancellationToken.None
        );

        (await ReadAsync(operation)).Single().Text.ShouldBe(new string('x', OperationLog.MaxLineLength) + "… (cut)");
    }

    [Fact]
    public async Task A_long_log_is_cut_and_its_last_line_says_so()
    {
        var operation = await OperationAsync();
        var lines = Lines([.. Enumerable.Range(1, OperationLog.MaxLines - 1).Select(i => $"{i}")]);
        await _log.AppendAsync(operation, lines, CancellationToken.None);

        await _log.AppendAsync(operation, Lines("over", "and over"), CancellationToken.None);
        await _log.AppendAsync(operation, Lines("and over"), CancellationToken.None);

        var rows = await ReadAsync(operation);
        rows.Count.ShouldBe(OperationLog.MaxLines);
        rows[^2].Text.ShouldBe($"{OperationLog.MaxLines - 1}");
        rows[^1].Stream.ShouldBe("manager");
        rows[^1].Text.ShouldBe("The log was cut after 4999 lines.");
    }

    [Fact]
    public async Task Writers_that_should_not_be_two_lose_no_line()
    {
        var operation = await OperationAsync();

        var writers = Enumerable
            .Range(0, 4)
            .Select(n => Task.Run(() => _log.AppendAsync(operation, Lines($"{n}a", $"{n}b"), CancellationToken.None)));
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(30));

        var rows = await ReadAsync(operation);
        rows.Select(row => row.Sequence).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        rows.Select(row => row.Text).ShouldBe(["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_writer_keeps_the_order_and_has_written_all_when_it_is_disposed()
    {
        var operation = await OperationAsync();
        string[] texts = [.. Enumerable.Range(0, 1200).Select(i => $"{i}")];

        // The clock stands still: what is written is written because it was disposed.
        await using (var writer = _log.Open(operation, NullLogger.Instance))
        {
            foreach (var text in texts)
            {
                writer.Write("stdout", text);
            }
        }

        (await ReadAsync(operation)).Select(row => row.Text).ShouldBe(texts);
    }

    [Fact]
    public async Task A_writer_appends_while_it_is_open()
    {
        var operation = await OperationAsync();
        var time = new FakeTimeProvider(Rows.Noon);
        await using var writer = new OperationLog(database.Stores, time).Open(operation, NullLogger.Instance);

        writer.Write("stdout", "now");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await ReadAsync(operation)).Count == 0)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    [Fact]
    public async Task A_writer_whose_operation_is_gone_gives_up_when_it_is_disposed()
    {
        var writer = _log.Open(Guid.NewGuid(), NullLogger.Instance);
        writer.Write("stdout", "lost");

        await writer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static LogLine[] Lines(params string[] texts) =>
        [.. texts.Select(text => new LogLine(Rows.Noon, "stdout", text))];

    private async Task<Guid> OperationAsync()
    {
        var cluster = Rows.Cluster();
        var operation = Rows.Operation(cluster);
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(cluster, operation);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        return operation.Id;
    }

    private Task<List<OperationLogRow>> ReadAsync(Guid operation) =>
        database.Stores.ReadAsync(store =>
            store.OperationLog.Where(row => row.OperationId == operation).OrderBy(row => row.Sequence).ToListAsync()
        );
}
