using System.Text;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Webhooks;
using VClusterManager.Server.Webhooks.GitLab;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>Who has set a label on GitLab, which does not say whether that is a person.</summary>
public sealed class GitLabLabelTests
{
    [Theory]
    [InlineData("root", true)]
    [InlineData("project_manager", true)]
    [InlineData("project_1_bot_4f1b", false)]
    [InlineData("Group_7_bot", false)]
    [InlineData("service_account_4f1b", false)]
    [InlineData("service_account_group_7_4f1b", false)]
    [InlineData("Service_Account_project_1_4f1b", false)]
    public void A_label_that_a_robot_has_set_lets_nobody_in(string user, bool counts)
    {
        var body = Recorded.Json("gitlab", "merge-request-event.json");
        body["user"]!["username"] = user;

        var learnt = new GitLabProvider(new WebhookOptions()).Parse(
            "Merge Request Hook",
            Encoding.UTF8.GetBytes(body.ToJsonString())
        );

        var labels = learnt.ShouldBeOfType<WebhookEvent.PullRequest>().Facts.MemberLabels;
        labels.Any().ShouldBe(counts);
    }
}
