using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Observability;

public sealed class MetricsReadingTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_source_that_does_not_answer_holds_nobody_up_and_keeps_nobody_from_the_others()
    {
        TaskCompletionSource<string?> never = new();
        Stub hangs = new(_ => never.Task);
        Stub fails = new(_ => throw new IOException("away"));
        Stub answers = new(_ => Task.FromResult<string?>(null));
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        MetricsReading reading = new(
            [hangs, fails, answers],
            database.Database,
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
            meters.GetRequiredService<IMeterFactory>(),
            TimeProvider.System,
            NullLogger<MetricsReading>.Instance
        );

        // It waits for as long as it has patience, and not for the one that never answers.
        await reading.PrepareAsync(CancellationToken.None);

        await Wait.UntilAsync(() => answers.Sampled.AgeBy(TimeProvider.System) is not null);
        hangs.Sampled.AgeBy(TimeProvider.System).ShouldBeNull();
        fails.Sampled.AgeBy(TimeProvider.System).ShouldBeNull();
        never.SetResult(null);
    }

    private sealed class Stub(Func<CancellationToken, Task<string?>> look) : IGauges
    {
        public SampledFigures Sampled { get; } = new("stub", TimeSpan.FromMinutes(1), look);
    }
}
