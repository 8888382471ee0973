using Shouldly;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

public sealed class AuditRuleTests
{
    [Theory]
    // change, known, committed, status
    [InlineData(true, true, false, 202, "Single", "Accepted")]
    [InlineData(true, true, true, 202, "Single", "Accepted")]
    [InlineData(true, true, true, 500, "Single", "Accepted")]
    [InlineData(true, true, true, 499, "Single", "Accepted")]
    [InlineData(true, true, false, 403, "Single", "Refused")]
    [InlineData(true, true, false, 404, "Single", "Refused")]
    [InlineData(true, true, false, 409, "Single", "Refused")]
    [InlineData(true, true, false, 422, "Single", "Refused")]
    [InlineData(true, true, false, 500, "Single", "Failed")]
    [InlineData(true, true, false, 503, "Single", "Failed")]
    [InlineData(true, true, false, 429, "Counted", "Refused")]
    [InlineData(true, false, false, 200, "Single", "Accepted")]
    [InlineData(true, false, false, 401, "Counted", "Refused")]
    [InlineData(true, false, false, 400, "Counted", "Refused")]
    [InlineData(true, false, false, 503, "Counted", "Failed")]
    [InlineData(false, true, false, 200, "Not", "Accepted")]
    [InlineData(false, true, false, 404, "Not", "Refused")]
    [InlineData(false, true, false, 500, "Not", "Failed")]
    [InlineData(false, true, false, 403, "Counted", "Refused")]
    [InlineData(false, true, false, 429, "Counted", "Refused")]
    [InlineData(false, false, false, 401, "Counted", "Refused")]
    [InlineData(false, false, false, 200, "Not", "Accepted")]
    public void What_is_kept_and_how(bool change, bool known, bool committed, int status, string keep, string result)
    {
        var request = new AuditedRequest(change, known, committed, status);

        AuditRule.KeepOf(request).ShouldBe(Enum.Parse<AuditKeep>(keep));
        AuditRule.ResultOf(request).ShouldBe(Enum.Parse<AuditResult>(result));
    }

    [Theory]
    [InlineData(true, 201, false, "Single")]
    [InlineData(true, 403, false, "Counted")]
    [InlineData(true, 404, false, "Counted")]
    [InlineData(true, 503, false, "Single")]
    [InlineData(true, 404, true, "Single")]
    [InlineData(false, 404, false, "Not")]
    public void Where_very_much_may_be_refused_it_is_counted(bool change, int status, bool committed, string keep) =>
        AuditRule
            .KeepOf(new AuditedRequest(change, IsKnown: true, committed, status) { CountsRefusals = true })
            .ShouldBe(Enum.Parse<AuditKeep>(keep));
}
