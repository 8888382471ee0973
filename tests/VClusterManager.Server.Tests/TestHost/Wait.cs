using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>Waits for what comes in its own time, and fails when it does not come.</summary>
internal static class Wait
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    public static Task UntilAsync(Func<bool> done) => UntilAsync(() => Task.FromResult(done()));

    public static async Task UntilAsync(Func<Task<bool>> done)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await done())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience, "what was waited for did not come");
            await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
